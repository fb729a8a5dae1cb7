import { append } from '../../parse/list.ts'
import { valueAt } from '../reading/yaml.ts'
import { scalarText } from './scalar.ts'

/**
 * What the names in a text of a YAML file stand for, at one place of the file: `holders` are the mappings around it, the outermost first.
 * Several values are several runs of a pipeline.
 */
export function textsOf(text: string, holders: readonly unknown[]): readonly string[] {
  let texts: readonly string[] = [text]
  // A value may be a name again, but not for ever.
  for (let round = 0; round < 4; round++) {
    const next: string[] = []
    for (const each of texts) {
      const found = reference.exec(each)
      if (!found) {
        next.push(each)
        continue
      }
      const before = each.slice(0, found.index)
      const after = each.slice(found.index + found[0].length)
      append(
        next,
        valuesOf(found, holders).map(value => before + value + after),
      )
    }
    texts = [...new Set(next)].slice(0, mostTexts)
    if (!texts.some(each => reference.test(each))) return texts
  }
  return []
}

const mostTexts = 64

/**
 * `${{ matrix.pg }}` of GitHub, `<< parameters.pg >>` of CircleCI, and `${PG:-16}`, `${PG}` and `$PG` of Compose, GitLab and shells.
 */
const reference =
  /\$\{\{([^{}]{0,200})\}\}|<<([^<>]{0,200})>>|\$\{(\w{1,100})(?::?-([^{}]{0,100}))?[^{}]{0,100}\}|\$(\w{1,100})/

function valuesOf(found: RegExpExecArray, holders: readonly unknown[]): readonly string[] {
  const [, github, circle, name, otherwise, plain] = found
  if (github !== undefined) return ofExpression(github, holders)
  if (circle !== undefined) return ofParameter(circle.trim(), holders)
  const known = ofVariable(name ?? plain ?? '', holders)
  return known.length > 0 ? known : otherwise === undefined ? [] : [otherwise]
}

/** `matrix.pg`, `env.PG`, `matrix.pg || '16'`; nothing for other expressions. */
function ofExpression(expression: string, holders: readonly unknown[]): readonly string[] {
  const found: string[] = []
  for (const part of expression.split('||').map(each => each.trim())) {
    const literal = /^'([^']*)'$/.exec(part)?.[1]
    const [area = '', ...path] = literal === undefined ? part.split('.') : []
    if (literal !== undefined) found.push(literal)
    else if (area === 'matrix') append(found, ofMatrix(path, holders))
    else if (area === 'env' && path.length === 1) append(found, nearest(holders, ['env', path[0] ?? '']))
    else return []
  }
  return found
}

/** https://docs.github.com/actions: each value of the list, and what `include` adds. */
function ofMatrix(path: readonly string[], holders: readonly unknown[]): readonly string[] {
  for (const holder of [...holders].reverse()) {
    const matrix = valueAt(holder, 'strategy', 'matrix')
    if (matrix === undefined) continue
    const [first = '', ...rest] = path
    const direct = valueAt(matrix, first)
    const included = valueAt(matrix, 'include')
    const values = [
      ...(Array.isArray(direct) ? direct.map(each => (rest.length > 0 ? below(each, rest) : each)) : []),
      ...(Array.isArray(included) ? included.map(each => below(each, path)) : []),
    ]
    return values.flatMap(each => scalarText(each) ?? [])
  }
  return []
}

/** CircleCI: the values of a matrix anywhere in the file, or the default of the parameter. */
function ofParameter(expression: string, holders: readonly unknown[]): readonly string[] {
  const name = /^(?:pipeline\.)?(?:parameters|matrix)\.([\w-]+)$/.exec(expression)?.[1]
  if (name === undefined) return []
  const inMatrix = matricesOf(holders[0]).flatMap(matrix => {
    const values = valueAt(matrix, 'parameters', name)
    return Array.isArray(values) ? values.flatMap(each => scalarText(each) ?? []) : []
  })
  return inMatrix.length > 0 ? inMatrix : nearest(holders, ['parameters', name, 'default'])
}

function matricesOf(document: unknown): unknown[] {
  const workflows = valueAt(document, 'workflows')
  if (typeof workflows !== 'object' || workflows === null) return []
  return Object.values(workflows).flatMap(workflow => {
    const jobs = valueAt(workflow, 'jobs')
    if (!Array.isArray(jobs)) return []
    return jobs
      .flatMap(job => (typeof job === 'object' && job !== null ? Object.values(job) : []))
      .map(each => valueAt(each, 'matrix'))
  })
}

/** GitLab: `parallel: matrix`, then `variables`; other systems: `environment` and `env`. */
function ofVariable(name: string, holders: readonly unknown[]): readonly string[] {
  for (const holder of [...holders].reverse()) {
    const lists = valueAt(holder, 'parallel', 'matrix')
    const values = Array.isArray(lists) ? lists.flatMap(each => valueAt(each, name) ?? []) : []
    const known = values.flatMap(each => scalarText(each) ?? [])
    if (known.length > 0) return known
  }
  const direct = nearest(holders, ['variables', name])
  if (direct.length > 0) return direct
  const described = nearest(holders, ['variables', name, 'value'])
  return described.length > 0 ? described : nearest(holders, ['env', name])
}

/** The value at these keys of the innermost mapping that has one. */
function nearest(holders: readonly unknown[], keys: readonly string[]): readonly string[] {
  for (const holder of [...holders].reverse()) {
    const text = scalarText(below(holder, keys))
    if (text !== null) return [text]
  }
  return []
}

function below(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce((at, key) => valueAt(at, key), value)
}
