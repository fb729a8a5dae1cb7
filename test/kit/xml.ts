import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { xml } from '../../src/systems/reading/xml.ts'

/** Loads what reads XML, for tests that ask a system directly. */
export async function loadXml(): Promise<void> {
  await withParsers(() => xml('<a/>'))
}
