/**
 * `userID2` → `user_id2`: what Kysely's CamelCasePlugin (src/plugin/camel-case/camel-case.ts) and `knexSnakeCaseMappers` of Objection
 * (lib/utils/identifierMapping.js) make of a name where they are given no options.
 */
export function snakeCase(name: string): string {
  const [upper, lower] = [name.toUpperCase(), name.toLowerCase()]
  const isUpper = (i: number) => name.charAt(i) === upper.charAt(i) && upper.charAt(i) !== lower.charAt(i)
  let made = lower.charAt(0)
  for (let i = 1; i < name.length; i++) {
    if (!isUpper(i)) made += name.charAt(i)
    else made += isUpper(i - 1) ? lower.charAt(i) : `_${lower.charAt(i)}`
  }
  return made
}
