/** Why runs fail, are withdrawn and answers are refused, in English. An unknown reason is shown by its name. */
const reasons: Readonly<Record<string, string>> = {
  'host-busy': 'the site has too many visits at this time',
  robots: 'the site forbids it in its robots.txt',
  'no-answer': 'nobody got an answer in time',
  'out-of-time': 'nobody got an answer in time',
  cancelled: 'the order was cancelled',
  'no-majority': 'the miners did not agree',
  lie: 'the answer was not what the page says',
  'shut-out': 'its miner was shut out',
  late: 'the answer came too late',
  'same-miner': 'it came twice from one place',
  address_forbidden: 'the address leads into a private network',
  address_invalid: 'this is not an address',
  port_not_allowed: 'only the ports 80 and 443 are fetched',
  redirect_circle: 'the site redirects in circles',
  too_many_redirects: 'the site redirects too often',
  downgrade: 'the site redirects to an address without encryption',
  name_not_found: 'there is no such host',
  resolve_failed: 'the host was not found',
  resolve_timed_out: 'the host was not found in time',
  connect_failed: 'the host does not accept connections',
  connect_timed_out: 'the host did not answer in time',
  tls_failed: 'the encryption of the host failed',
  headers_timed_out: 'the site did not answer in time',
  headers_too_large: 'the headers of the site are too large',
  answer_invalid: 'the answer is no web page',
  body_timed_out: 'the page did not come in time',
  body_too_large: 'the page is too large',
  body_cut: 'the page broke off',
  encoding_unknown: 'the page is packed in an unknown way',
  encoding_broken: 'the page is packed wrongly',
  total_timed_out: 'it took too long',
  too_many_at_once: 'too much was fetched at once',
  page_too_large: 'the page is too large to look into',
  page_too_deep: 'the page is nested too deeply',
  not_json: 'the page is not JSON',
  expression_failed: 'the expression does not work on this page',
  took_too_long: 'it took too long to look into the page',
};

/** `status-503` is a status of HTTP. */
export function englishReason(name: string): string {
  const [, status] = /^status-(\d+)$/.exec(name) ?? [];
  return status === undefined ? (reasons[name] ?? name.replaceAll(/[-_]/g, ' ')) : `the site answered with ${status}`;
}
