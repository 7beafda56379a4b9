/** robots.txt by RFC 9309: which paths of a host an errand may fetch, and how often. */

export interface Robots {
  /** `path` with its query, such as `/prices?page=2`; `agent` is our product's name. */
  allows(path: string, agent: string): boolean;
  /** What the host asks for between two fetches; undefined where it asks for nothing. */
  crawlDelayMs(agent: string): number | undefined;
}

interface Rule {
  readonly allows: boolean;
  readonly pattern: string;
}

interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
  delayMs?: number;
}

/** What RFC 9309 asks to read at least; the rest is left out. */
export const maxRobotsBytes = 500 * 1024;
const maxRules = 10_000;
const maxPatternChars = 2_048;
const maxDelayMs = 24 * 60 * 60_000;

export const allowsEverything: Robots = { allows: () => true, crawlDelayMs: () => undefined };
export const allowsNothing: Robots = { allows: () => false, crawlDelayMs: () => undefined };

/** What an answer to `/robots.txt` means: none there means that everything is allowed, a host in trouble that nothing is. */
export function robotsOf(status: number, body: string): Robots {
  if (status >= 200 && status < 300) return parseRobots(body);
  return status >= 400 && status < 500 && status !== 429 ? allowsEverything : allowsNothing;
}

export function parseRobots(text: string): Robots {
  const groups = groupsOf(text.slice(0, maxRobotsBytes));
  return {
    allows(path, agent) {
      if (path === '/robots.txt') return true;
      const rules = groupsFor(groups, agent).flatMap((group) => group.rules);
      return longestMatch(rules, canonical(path))?.allows ?? true;
    },
    crawlDelayMs(agent) {
      const delays = groupsFor(groups, agent).flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
      return delays.length === 0 ? undefined : Math.max(...delays);
    },
  };
}

function groupsOf(text: string): readonly Group[] {
  const groups: Group[] = [];
  let rules = 0;
  let open = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*([a-z-]+)\s*:\s*([^#]*)/i.exec(line) ?? [];
    const group = groups.at(-1);
    switch (key.toLowerCase()) {
      case 'user-agent':
        // Lines of agents that follow each other share one group.
        if (!open || group === undefined) groups.push({ agents: [value.trim().toLowerCase()], rules: [] });
        else group.agents.push(value.trim().toLowerCase());
        open = true;
        break;
      case 'allow':
      case 'disallow':
        open = false;
        rules++;
        if (rules <= maxRules && value.trim() !== '')
          group?.rules.push({ allows: key.toLowerCase() === 'allow', pattern: canonical(value.trim().slice(0, maxPatternChars)) });
        break;
      case 'crawl-delay': {
        open = false;
        const delayMs = Number.parseFloat(value) * 1_000;
        if (group !== undefined && delayMs >= 0) group.delayMs = Math.min(delayMs, maxDelayMs);
        break;
      }
      default:
        // Other lines, such as `sitemap`, do not belong to a group.
        break;
    }
  }
  return groups;
}

/** All groups that name the agent, or else all that are for everybody. */
function groupsFor(groups: readonly Group[], agent: string): readonly Group[] {
  const product = agent.toLowerCase().replace(/[^a-z_-].*$/, '');
  const named = groups.filter(({ agents }) => agents.some((name) => name !== '*' && name.replace(/[^a-z_-].*$/, '') === product));
  return named.length > 0 ? named : groups.filter(({ agents }) => agents.includes('*'));
}

/** The rule with the longest pattern counts; of two that are as long, the one that allows. */
function longestMatch(rules: readonly Rule[], path: string): Rule | undefined {
  let best: Rule | undefined;
  for (const rule of rules) {
    const longer = best === undefined || rule.pattern.length > best.pattern.length;
    const asLong = best !== undefined && rule.pattern.length === best.pattern.length && rule.allows;
    if ((longer || asLong) && matches(rule.pattern, path)) best = rule;
  }
  return best;
}

/** `*` stands for any characters, and `$` at the end for the end. Takes the first place for each piece, so it never tries twice. */
function matches(pattern: string, path: string): boolean {
  const toTheEnd = pattern.endsWith('$');
  const [first = '', ...others] = (toTheEnd ? pattern.slice(0, -1) : pattern).split('*');
  if (!path.startsWith(first)) return false;
  let at = first.length;
  const last = toTheEnd ? others.pop() : undefined;
  for (const piece of others) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  if (!toTheEnd) return true;
  return last === undefined ? at === path.length : path.endsWith(last) && path.length - last.length >= at;
}

/** One form for what may be written in several: percent codes in upper case, and none where a plain character will do. */
function canonical(path: string): string {
  return path
    .replaceAll(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text.toWellFormed()))
    .replaceAll(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
    });
}
