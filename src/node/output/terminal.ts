import type { Style } from '../../report/reporter.ts'

/** The facts that decide how a stream is written to. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTTY: boolean
  readonly columns: number | undefined
}

/** The flags about the look of the output. */
export interface Look {
  readonly color?: boolean | undefined
  readonly ascii?: boolean | undefined
  readonly notes?: boolean | undefined
  readonly verbose?: boolean | undefined
}

/** The number of columns of a report that goes to a file or a pipe. */
const plainWidth = 80

/**
 * Whether to use colour: `--color` / `--no-color`, then NO_COLOR (https://no-color.org: any value but the empty one),
 * then FORCE_COLOR (`0` and `false` mean off), then TERM=dumb, then whether the stream is a terminal.
 */
export function wantsColor({ env, isTTY }: Pick<Terminal, 'env' | 'isTTY'>, flag?: boolean): boolean {
  if (flag !== undefined) return flag
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return !['0', 'false'].includes(env.FORCE_COLOR)
  if (env.TERM === 'dumb') return false
  return isTTY
}

/** How a report is printed on a terminal or into a pipe. */
export function terminalStyle(terminal: Terminal, look: Look): Style {
  const color = wantsColor(terminal, look.color)
  return {
    color,
    width: (terminal.isTTY && terminal.columns) || plainWidth,
    ascii: look.ascii ?? terminal.env.TERM === 'dumb',
    links: color && terminal.isTTY && understandsLinks(terminal.env),
    notes: look.notes ?? false,
    verbose: look.verbose ?? false,
  }
}

/** The style of a report in a file: never coloured, whatever the flags and the environment say. */
export function fileStyle(look: Look): Style {
  return {
    color: false,
    width: plainWidth,
    ascii: look.ascii ?? false,
    links: false,
    notes: look.notes ?? false,
    verbose: look.verbose ?? false,
  }
}

/**
 * OSC 8 hyperlinks: terminals cannot be asked, so only those that are known to support links get them. Most others skip
 * the sequence, but a few old ones print it.
 */
function understandsLinks(env: Terminal['env']): boolean {
  if (env.CI) return false
  const vte = Number(env.VTE_VERSION ?? 0)
  return (
    vte >= 5000 ||
    env.WT_SESSION !== undefined ||
    ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'zed'].includes(env.TERM_PROGRAM ?? '') ||
    ['xterm-kitty', 'alacritty', 'xterm-ghostty', 'foot'].includes(env.TERM ?? '')
  )
}
