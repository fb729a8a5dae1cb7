import { NotRead } from '../../code/given/not-read.ts'
import { textIn } from '../../code/given/value.ts'
import { newCommand } from './fluent.ts'
import { expressionHost, given, rawTextOf } from './given.ts'
import { push, type Read } from './table-method.ts'

/** Methods that add keys, indexes and foreign keys. */
export const indexMethods: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...(['primary', 'unique', 'index', 'fullText', 'spatialIndex', 'vectorIndex'] as const).map(
    (name): [string, Read] => [
      name,
      (blueprint, call) => {
        const parameters = name === 'vectorIndex' ? ['column', 'name'] : ['columns', 'name', thirdOf(name)]
        const { get } = given(call, parameters)
        const type = name === 'fullText' ? 'fulltext' : name
        const command = newCommand(blueprint, type, call, get('columns') ?? get('column'), get('name'))
        for (const key of ['algorithm', 'operatorClass']) {
          const value = get(key)
          if (value) command.attributes.set(key, value)
        }
        return push(blueprint, command)
      },
    ],
  ),
  [
    'rawIndex',
    (blueprint, call) => {
      const { get } = given(call, ['expression', 'name'])
      const [expression, name] = [get('expression'), get('name')]
      const sql = rawTextOf(expression) ?? textIn(expression, call.at, 'the expression')
      if (!name) throw new NotRead('the index has no name', call.at)
      return push(blueprint, newCommand(blueprint, 'index', call, [expressionHost(sql)], name))
    },
  ],
  [
    'foreign',
    (blueprint, call) => {
      const { get } = given(call, ['columns', 'name'])
      return push(blueprint, newCommand(blueprint, 'foreign', call, get('columns'), get('name')))
    },
  ],
])

function thirdOf(name: string): string {
  return name === 'spatialIndex' ? 'operatorClass' : 'algorithm'
}
