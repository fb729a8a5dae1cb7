/** Words as a command line of a POSIX shell has them, for advice. */

/** The word as it is, or between single quotes if a shell would take any of it for something else: a name of a stranger is not a command. */
export function shellWord(text: string): string {
  return /^[\w./@:+][\w./@:+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
