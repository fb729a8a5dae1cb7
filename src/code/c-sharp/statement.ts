import { field, has, type Node, named } from '../node.ts'
import { leaving, none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { classOf } from './definition.ts'
import { patternOf } from './expression.ts'
import type { Reading } from './reading.ts'

/** A statement or a declaration of C#; an empty list for one that does nothing. */
export function statementOf(node: Node, reading: Reading): Expression[] {
  const { expression } = reading
  const at = node.span
  const bodyOf = (body: Node | undefined): Expression => (body ? reading.statements([body], body) : none(node))
  switch (node.kind) {
    case 'expression_statement':
    case 'global_statement':
      return named(node).flatMap(each =>
        node.kind === 'global_statement' ? statementOf(each, reading) : [expression(each)],
      )
    case 'block':
    case 'checked_statement':
    case 'unsafe_statement':
    case 'lock_statement':
      return [reading.statements(named(node), node)]
    case 'namespace_declaration':
      return [reading.statements(named(field(node, 'body') ?? { ...node, children: [] }), node)]
    case 'class_declaration':
    case 'struct_declaration':
    case 'record_declaration':
      return [classOf(node, reading)]
    case 'local_function_statement':
      return [{ kind: 'definition', definition: reading.functionOf(node), at }]
    case 'local_declaration_statement':
    case 'field_declaration':
      return named(node)
        .filter(({ kind }) => kind === 'variable_declaration')
        .flatMap(each => variables(each, reading))
    case 'variable_declaration':
      return variables(node, reading)
    case 'if_statement': {
      const [test, yes, no] = [field(node, 'condition'), field(node, 'consequence'), field(node, 'alternative')]
      return [
        {
          kind: 'choice',
          test: test ? expression(test) : none(node),
          yes: bodyOf(yes),
          ...(no && { no: bodyOf(no) }),
          at,
        },
      ]
    }
    case 'foreach_statement': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      if (!left || !right) return []
      return [
        { kind: 'each', of: expression(right), item: patternOf(left, reading), body: bodyOf(field(node, 'body')), at },
      ]
    }
    case 'for_statement': {
      const [start, test, step] = ['initializer', 'condition', 'update'].map(name => field(node, name))
      return [
        ...(start ? statementOf(start, reading) : []),
        {
          kind: 'loop',
          ...(test && { test: expression(test) }),
          body: bodyOf(field(node, 'body')),
          ...(step && { step: expression(step) }),
          at,
        },
      ]
    }
    case 'while_statement':
    case 'do_statement': {
      const test = field(node, 'condition')
      const body = field(node, 'body') ?? named(node).find(child => child !== test)
      return [
        {
          kind: 'loop',
          ...(test && { test: expression(test) }),
          body: bodyOf(body),
          ...(node.kind === 'do_statement' && { isTestedAfter: true }),
          at,
        },
      ]
    }
    case 'using_statement': {
      const body = field(node, 'body')
      const before = named(node).filter(child => child !== body)
      return [...before.flatMap(each => statementOf(each, reading)), bodyOf(body)]
    }
    case 'try_statement': {
      const last = named(node).find(({ kind }) => kind === 'finally_clause')
      return [
        {
          kind: 'try',
          body: bodyOf(field(node, 'body')),
          handlers: named(node)
            .filter(({ kind }) => kind === 'catch_clause')
            .map(each => bodyOf(field(each, 'body'))),
          ...(last && { last: bodyOf(named(last)[0]) }),
          at,
        },
      ]
    }
    case 'return_statement':
    case 'throw_statement':
    case 'break_statement':
    case 'continue_statement':
      return [leaving(node, reading)]
    case 'switch_statement':
      return [
        {
          kind: 'unread',
          why: 'a `switch` is not read',
          inside: named(field(node, 'body') ?? node).map(each =>
            reading.statements(
              named(each).filter(({ kind }) => /_statement$|^block$/.test(kind) && kind !== 'break_statement'),
              each,
            ),
          ),
          at,
        },
      ]
    case 'using_directive':
    case 'extern_alias_directive':
    case 'empty_statement':
    case 'labeled_statement':
    case 'interface_declaration':
    case 'delegate_declaration':
    case 'enum_declaration':
    case 'file_scoped_namespace_declaration':
    case 'global_attribute':
    case 'attribute_list':
    case 'ERROR':
      return []
    default:
      return node.kind.startsWith('preproc') ? inPreprocessor(node, reading) : [expression(node)]
  }
}

/** `#if DEBUG`: its content may or may not be compiled. */
function inPreprocessor(node: Node, reading: Reading): Expression[] {
  const inside = named(node).filter(({ kind }) => /_(?:statement|declaration)$/.test(kind))
  if (inside.length === 0 || has(node, '#region')) return inside.flatMap(each => statementOf(each, reading))
  return [
    { kind: 'unread', why: 'it depends on how it is built', inside: [reading.statements(inside, node)], at: node.span },
  ]
}

function variables(node: Node, reading: Reading): Expression[] {
  return named(node)
    .filter(({ kind }) => kind === 'variable_declarator')
    .map((each): Expression => {
      const name = field(each, 'name')
      const value = named(each).find(child => child !== name)
      return {
        kind: 'assignment',
        to: { kind: 'name', name: reading.text(name) },
        value: value ? reading.expression(value) : none(each),
        isDeclaration: true,
        at: each.span,
      }
    })
}
