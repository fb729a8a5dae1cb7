/**
 * The values of a configuration file of sections, by their full names: `[core]` and `engine = pg` give `core.engine`,
 * `[engine "pg"]` and `top_dir = pg` give `engine.pg.top_dir`. Reads what git, Sqitch (Config::GitLike) and Python's
 * configparser read alike; names of sections and keys are in lower case, names in quotes are kept.
 */
export function ini(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([^\]"\s]+)\s*(?:"([^"]*)")?\s*\]/.exec(line)
    if (header) {
      section = `${header[1]?.toLowerCase()}.${header[2] === undefined ? '' : `${header[2]}.`}`
      continue
    }
    const pair = /^\s*([A-Za-z][\w.-]*)\s*[=:]\s*(.*)$/.exec(line)
    if (pair) values.set(section + pair[1]?.toLowerCase(), bare(pair[2] ?? ''))
  }
  return values
}

function bare(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(value)
  return quoted ? (quoted[1] ?? '').replace(/\\(.)/g, '$1') : value.replace(/\s+[#;].*$/, '').trim()
}
