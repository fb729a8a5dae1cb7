/** Lines of Python in a function; those of texts stay where they are. */
export function indented(code: string): string {
  const parts = code.split('"""')
  const line = (i: number) => (i === 0 ? /^(?=.)/gm : /(?<=\n)(?=.)/g)
  return parts.map((part, i) => (i % 2 === 0 ? part.replace(line(i), '    ') : part)).join('"""')
}
