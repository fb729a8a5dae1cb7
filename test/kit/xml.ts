import { withParsers } from '../../src/systems/reading/on-demand.ts'
import { xml } from '../../src/systems/reading/xml.ts'

/** Loads the XML parser, for tests that call a system directly. */
export async function loadXml(): Promise<void> {
  await withParsers(() => xml('<a/>'))
}
