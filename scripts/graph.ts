/**
 * Shows which files of the program import which:
 *
 *     npm run graph                          rooms, folders and circles, as text
 *     npm run graph -- src/node              one folder: what is in it, and who imports whom there
 *     npm run graph -- src --mermaid         the same as a drawing; or --dot, for Graphviz
 *     npm run graph -- --top ../other        of another checkout
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mapOf } from './graph/map.ts'
import { asDot, asMermaid, folderAsText, mapAsText } from './graph/text.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    top: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
    mermaid: { type: 'boolean', default: false },
    dot: { type: 'boolean', default: false },
  },
})
const map = mapOf(resolve(values.top))
const isDrawn = values.mermaid || values.dot
const wanted = positionals.length > 0 ? positionals : isDrawn ? ['src'] : []
const folders = wanted.map(path => {
  const folder = map.folders.find(each => each.path === path.replace(/\/$/, ''))
  if (!folder) throw new Error(`${path} is not a folder of the program`)
  return folder
})
if (wanted.length === 0) console.log(mapAsText(map))
for (const folder of folders) {
  console.log(values.mermaid ? asMermaid(folder) : values.dot ? asDot(folder) : folderAsText(folder))
}
