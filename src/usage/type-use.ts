import { endingOf } from './code-file.ts'
import type { CodeText } from './code-text.ts'
import { type FileUse, hasWord, sorted } from './file-use.ts'
import { type Forms, isWholeWord, placesOf, type TableForms } from './forms.ts'

/** Uses of a type: casts, and the places where code declares it by its name. */
export function typeUse(file: CodeText, type: Forms): FileUse {
  const { code, text, literals } = file
  const uses: number[] = []
  for (const at of placesOf(code, type.exact))
    if (/::\s*(?:\w+\.)?"?$/.test(code.slice(Math.max(0, at - 40), at))) uses.push(at)
  if (endingOf(file.path) === 'prisma') {
    for (const match of code.matchAll(/^enum\s+(\w+)\s*\{([^{}]*)\}/gm)) {
      const mapped = /@@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(match[2] ?? '')?.[1]
      if ((mapped ?? match[1]) === type.exact) uses.push(match.index)
    }
  }
  const declaring =
    /(?:\bpgEnum\(|\.enum\(|\bname\s*=|\benumName\s*:|\btype_name\s*=|\benum_type\s*[:=]|\bsqltype\s*=|\bMapEnum<[^<>]*>\()\s*$/
  for (const [start, end] of literals) {
    if (text.slice(start, end) !== type.exact) continue
    if (declaring.test(code.slice(Math.max(0, start - 41), start - 1))) uses.push(start)
  }
  const maybe = [...placesOf(code, type.exact)].length > 0
  return { naming: 0, uses: sorted(uses), maybe, remembers: null }
}

/** Uses of the value of an enum: in quotes, in a file that names the type. */
export function valueUse(file: CodeText, type: TableForms, value: string): FileUse {
  const { code, text, literals } = file
  const isNamed = type.all.some(name => hasWord(code, name))
  const places = literals.flatMap(([start, end]) => (text.slice(start, end) === value ? [start] : []))
  const inPrisma = endingOf(file.path) === 'prisma' && isNamed ? valuesOfPrisma(code, type.exact, value) : []
  return {
    naming: isNamed ? 1 : 0,
    uses: sorted(isNamed && (type.isDistinctive || value.length >= 8) ? [...places, ...inPrisma] : []),
    maybe: places.length > 0 || hasWord(code, value),
    remembers: null,
  }
}

function valuesOfPrisma(code: string, type: string, value: string): number[] {
  return [...code.matchAll(/^enum\s+(\w+)\s*\{([^{}]*)\}/gm)].flatMap(match => {
    const mapped = /@@map\(\s*(?:name:\s*)?"([^"]*)"/.exec(match[2] ?? '')?.[1]
    if ((mapped ?? match[1]) !== type) return []
    return [...placesOf(match[0], value)].map(at => match.index + at)
  })
}

/** Uses of a schema: before a name in a query. */
export function schemaUse({ code }: CodeText, schema: string): FileUse {
  const uses = [...placesOf(code, schema)].filter(at => {
    const isQualifier = /^"?\."?[a-z_]/i.test(code.slice(at + schema.length, at + schema.length + 4))
    return isQualifier && /\b(?:from|join|into|update|table)\s+"?$/i.test(code.slice(Math.max(0, at - 20), at))
  })
  return {
    naming: 0,
    uses,
    maybe: uses.length > 0 || isWholeWord(code, code.indexOf(schema), schema.length),
    remembers: null,
  }
}
