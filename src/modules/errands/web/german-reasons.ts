/** Why runs fail, are withdrawn and answers are refused, in German. */
const reasons: Readonly<Record<string, string>> = {
  'host-busy': 'die Seite hat um diese Zeit zu viele Besuche',
  robots: 'die Seite verbietet es in ihrer robots.txt',
  'no-answer': 'niemand bekam rechtzeitig eine Antwort',
  'out-of-time': 'niemand bekam rechtzeitig eine Antwort',
  cancelled: 'der Auftrag wurde beendet',
  'no-majority': 'die Schürfer waren sich nicht einig',
  lie: 'die Antwort war nicht, was die Seite sagt',
  'shut-out': 'ihr Schürfer wurde ausgeschlossen',
  late: 'die Antwort kam zu spät',
  'same-miner': 'sie kam zweimal von einem Ort',
  address_forbidden: 'die Adresse führt in ein privates Netz',
  address_invalid: 'das ist keine Adresse',
  port_not_allowed: 'abgerufen wird nur über die Ports 80 und 443',
  redirect_circle: 'die Seite leitet im Kreis weiter',
  too_many_redirects: 'die Seite leitet zu oft weiter',
  downgrade: 'die Seite leitet auf eine unverschlüsselte Adresse weiter',
  name_not_found: 'diesen Rechner gibt es nicht',
  resolve_failed: 'der Rechner wurde nicht gefunden',
  resolve_timed_out: 'der Rechner wurde nicht rechtzeitig gefunden',
  connect_failed: 'der Rechner nimmt keine Verbindungen an',
  connect_timed_out: 'der Rechner hat nicht rechtzeitig geantwortet',
  tls_failed: 'die Verschlüsselung des Rechners misslang',
  headers_timed_out: 'die Seite hat nicht rechtzeitig geantwortet',
  headers_too_large: 'die Kopfzeilen der Seite sind zu groß',
  answer_invalid: 'die Antwort ist keine Webseite',
  body_timed_out: 'die Seite kam nicht rechtzeitig',
  body_too_large: 'die Seite ist zu groß',
  body_cut: 'die Seite brach ab',
  encoding_unknown: 'die Seite ist auf unbekannte Art gepackt',
  encoding_broken: 'die Seite ist falsch gepackt',
  total_timed_out: 'es dauerte zu lange',
  too_many_at_once: 'es wurde zu viel zugleich abgerufen',
  page_too_large: 'die Seite ist zu groß, um hineinzusehen',
  page_too_deep: 'die Seite ist zu tief verschachtelt',
  not_json: 'die Seite ist kein JSON',
  expression_failed: 'der Ausdruck geht auf dieser Seite nicht',
  took_too_long: 'es dauerte zu lange, in die Seite zu sehen',
};

/** `status-503` is a status of HTTP. */
export function germanReason(name: string): string {
  const [, status] = /^status-(\d+)$/.exec(name) ?? [];
  return status === undefined ? (reasons[name] ?? name.replaceAll(/[-_]/g, ' ')) : `die Seite antwortete mit ${status}`;
}
