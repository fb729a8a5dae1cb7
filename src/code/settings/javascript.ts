import { numberOf, stringOf, templateOf } from '../javascript/literal.ts'
import { withoutTypesOfTemplates } from '../javascript/type-arguments.ts'
import { field, type Node, named, type Program } from '../node.ts'
import type { Argument, Expression, Pattern, RecordExpression } from '../syntax.ts'
import { textAt } from '../text.ts'

/** The text as the grammar reads it. */
export const readable = withoutTypesOfTemplates

/**
 * A program in JavaScript or TypeScript as far as it gives values to names: literals, constants, objects, calls. Everything else is `unread`,
 * with what is inside of it.
 */
export function syntaxOf({ root }: Program, source: string): Expression {
  return new Reading(source).expression(root)
}

type Entry = RecordExpression['entries'][number]

/** A sum of many texts is as deep as it is long. */
const deepest = 500

class Reading {
  readonly #source: string
  #depth = 0

  constructor(source: string) {
    this.#source = source
  }

  expression(node: Node): Expression {
    if (this.#depth >= deepest) return { kind: 'unread', why: 'it is nested too deeply', inside: [], at: node.span }
    this.#depth++
    try {
      return this.#expression(node)
    } finally {
      this.#depth--
    }
  }

  #expression(node: Node): Expression {
    const at = node.span
    const inside = (name: string) => {
      const found = field(node, name)
      return found ? this.expression(found) : this.#unread(node)
    }
    switch (node.kind) {
      case 'string':
        return { kind: 'text', parts: [stringOf(node, this.#source)], at }
      case 'template_string': {
        const { texts, holes } = templateOf(node, this.#source)
        const parts = texts.flatMap((text, i) => [text, ...named(holes[i] ?? leaf).map(each => this.expression(each))])
        return { kind: 'text', parts, at }
      }
      case 'number':
        return { kind: 'plain', value: numberOf(this.#text(node)), at }
      case 'true':
      case 'false':
        return { kind: 'plain', value: node.kind === 'true', at }
      case 'null':
      case 'undefined':
        return { kind: 'plain', value: null, at }
      case 'identifier':
      case 'shorthand_property_identifier':
        return { kind: 'name', name: this.#text(node), at }
      case 'member_expression': {
        const property = field(node, 'property') ?? node
        return { kind: 'member', of: inside('object'), name: this.#text(property), nameAt: property.span, at }
      }
      case 'subscript_expression':
        return { kind: 'index', of: inside('object'), by: inside('index'), at }
      case 'call_expression':
      case 'new_expression': {
        const callee = field(node, 'function') ?? field(node, 'constructor') ?? node
        const args = named(field(node, 'arguments') ?? leaf).map(each => this.#argument(each))
        return { kind: 'call', callee: this.expression(callee), args, nameAt: callee.span, at }
      }
      case 'array':
        return { kind: 'list', items: named(node).map(each => this.#argument(each)), at }
      case 'object':
        return { kind: 'record', entries: named(node).map(each => this.#entry(each)), at }
      case 'variable_declarator':
      case 'assignment_expression':
      case 'public_field_definition': {
        const [to, value] = [field(node, 'name') ?? field(node, 'left'), field(node, 'value') ?? field(node, 'right')]
        if (!to || !value) return this.#unread(node)
        return { kind: 'assignment', to: this.#pattern(to), value: this.expression(value), at }
      }
      case 'binary_expression': {
        const operator = node.children.find(child => child.field === 'operator')?.kind ?? ''
        if (operator === '||' || operator === '??')
          return { kind: 'short', operator: 'or', left: inside('left'), right: inside('right'), at }
        if (operator === '+') return { kind: 'operation', operator: '+', of: [inside('left'), inside('right')], at }
        return this.#unread(node)
      }
      case 'ternary_expression':
        return { kind: 'choice', test: inside('condition'), yes: inside('consequence'), no: inside('alternative'), at }
      case 'parenthesized_expression':
      case 'as_expression':
      case 'satisfies_expression':
      case 'non_null_expression':
      case 'await_expression': {
        const [first] = named(node)
        return first ? this.expression(first) : this.#unread(node)
      }
      default:
        return this.#unread(node)
    }
  }

  #unread(node: Node): Expression {
    return { kind: 'unread', why: 'it is code', inside: named(node).map(each => this.expression(each)), at: node.span }
  }

  #argument(node: Node): Argument {
    const [first] = named(node)
    return node.kind === 'spread_element' && first
      ? { value: this.expression(first), spread: 'list' }
      : { value: this.expression(node) }
  }

  #entry(node: Node): Entry {
    const key = field(node, 'key') ?? field(node, 'name')
    if (node.kind === 'spread_element') return { key: null, value: this.expression(named(node)[0] ?? node) }
    if (!key) {
      const name = this.#text(node)
      return { key: { kind: 'text', parts: [textAt(name, node.span)], at: node.span }, value: this.expression(node) }
    }
    const value = field(node, 'value')
    return { key: this.#key(key), value: value ? this.expression(value) : this.#unread(node) }
  }

  #key(node: Node): Expression {
    if (node.kind === 'property_identifier')
      return { kind: 'text', parts: [textAt(this.#text(node), node.span)], at: node.span }
    const [computed] = node.kind === 'computed_property_name' ? named(node) : [node]
    return this.expression(computed ?? node)
  }

  #pattern(node: Node): Pattern {
    if (node.kind === 'identifier' || node.kind === 'property_identifier')
      return { kind: 'name', name: this.#text(node) }
    const place = this.expression(node)
    return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
  }

  #text(node: Node): string {
    return this.#source.slice(node.span[0], node.span[1])
  }
}

const leaf: Node = { kind: '', field: null, isNamed: false, span: [0, 0], children: [] }
