/** The house's own pages. */
export function AdminArea({ parts }: { parts: readonly string[] }) {
  return <p>{parts.join('/')}</p>;
}
