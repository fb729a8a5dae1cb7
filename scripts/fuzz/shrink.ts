import type { Files, Input } from './input.ts'
import type { Thread } from './thread.ts'

/**
 * The smallest input found that fails in the same way. It leaves out files, then pieces of their text, as long as the failure stays
 * (delta debugging). Null if the input does not fail by itself, but only after others.
 */
export async function shrunk(
  input: Input,
  number: number,
  signature: string,
  thread: Thread,
  milliseconds: number,
): Promise<Input | null> {
  const stop = Date.now() + milliseconds
  const fails = async (candidate: Input): Promise<boolean> => {
    const { done, stopped } = await thread.run({ input: candidate, number })
    return [...(done?.failed ?? []), ...(stopped ? [stopped] : [])].some(
      ({ failure }) => failure.signature === signature,
    )
  }
  if (!(await fails(input))) return null
  let smallest = input
  for (let found = true; found && Date.now() < stop; ) {
    found = false
    for (const candidate of smaller(smallest)) {
      if (Date.now() > stop) break
      if (!(await fails(candidate))) continue
      smallest = candidate
      found = true
      break
    }
  }
  return smallest
}

/** Smaller inputs, the much smaller ones first. */
function* smaller(input: Input): Generator<Input> {
  const { files, before, given, config } = input
  if (before) {
    const { before: _, ...now } = input
    yield now
    for (const less of fewer(before)) yield { ...input, before: less }
  }
  if (config !== '{}') yield { ...input, config: '{}' }
  if (given) for (const less of withoutLines(given)) yield { ...input, given: less }
  for (const less of fewer(files)) yield { ...input, files: less }
  if (given) for (const less of withoutPieces(given)) yield { ...input, given: String(less) }
  if (config !== '{}') for (const less of withoutPieces(config)) yield { ...input, config: String(less) }
}

function* fewer(files: Files): Generator<Files> {
  for (const path of files.keys()) {
    if (files.size > 1) yield new Map([...files].filter(([other]) => other !== path))
  }
  for (const [path, content] of files) {
    for (const less of withoutPieces(content)) yield new Map(files).set(path, less)
  }
}

function* withoutLines(text: string): Generator<string> {
  const lines = text.split('\n')
  if (lines.length > 1) for (const i of lines.keys()) yield lines.toSpliced(i, 1).join('\n')
}

function* withoutPieces(content: string | Uint8Array): Generator<string | Uint8Array> {
  for (let size = Math.ceil(content.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < content.length; at += size) {
      yield typeof content === 'string'
        ? content.slice(0, at) + content.slice(at + size)
        : Uint8Array.from([...content.subarray(0, at), ...content.subarray(at + size)])
    }
  }
}
