/** A sheet: heading, tools beside it, and content. */
import { type ReactNode, useId } from 'react';

export function Sheet(props: {
  /** Left out where the title of the page says the same. */
  title: string | undefined;
  /** Shown beside the heading. */
  tools?: ReactNode;
  /** Adds padding around the content; lists and tables have none. */
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
