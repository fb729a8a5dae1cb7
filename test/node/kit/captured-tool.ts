/** A migration tool with a small project, as its users start it. */
export interface CapturedTool {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** The reason why it cannot be run on this machine; null: it can. */
  readonly missing: () => string | null
  /** The command that applies all migrations. May install the tool. */
  readonly command: () => readonly string[]
  /** Besides the variables that capture sets. */
  readonly environment?: () => Readonly<Record<string, string>>
  /** The tool's own names of the migrations, in order, as far as it records them. */
  readonly recorded: readonly string[]
}
