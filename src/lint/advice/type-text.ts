// For rules, which take values from src/lint alone: a column's type as people write it, `varchar(10)`, `integer`.
export { typeText } from '../../postgres/type/type.ts'
