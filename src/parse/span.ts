/** A half-open range of UTF-16 offsets into the text of one source file. Line and column exist only in `src/report`. */
export type Span = readonly [start: number, end: number]

/** True when `offset` lies in `span`, its end included (a caret after the last character still belongs to it). */
export function contains(span: Span, offset: number): boolean {
  return span[0] <= offset && offset <= span[1]
}
