import type { Report } from '../lint/report.ts'

/** The place and width that a reporter prints for. */
export interface Style {
  readonly color: boolean
  /** Terminal columns. */
  readonly width: number
  /** Only ASCII for frames and arrows. */
  readonly ascii: boolean
  /** The terminal understands OSC 8 hyperlinks. */
  readonly links: boolean
  /** Print notes in full instead of summing them up. */
  readonly notes: boolean
  /** Explain a rule at each of its findings instead of at the first one. */
  readonly verbose: boolean
  /** The name of the switch that prints them; default: `--notes`. */
  readonly notesSwitch?: string
}

export type Reporter = (report: Report, style: Style) => string
