/** A sheet: its heading with what stands beside it, and its content. */
import { type ReactNode, useId } from 'react';

export function Sheet(props: {
  /** Left out where the page's own title says it. */
  title: string | undefined;
  /** Beside the heading. */
  tools?: ReactNode;
  /** Keeps the content away from the edges; lists and tables reach them. */
  padded?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const { title, tools, padded = false, className = '', children } = props;
  const id = useId();
  return (
    <section className={`sheet ${className}`} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <div className="sheet-head">
          <h2 id={id}>{title}</h2>
          {tools}
        </div>
      )}
      {padded ? <div className="sheet-body">{children}</div> : children}
    </section>
  );
}
