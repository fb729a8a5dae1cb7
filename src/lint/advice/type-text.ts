// A column's type as people write it, `varchar(10)`, `integer`. Rules may import values only from src/lint, so it is
// exported again here.
export { typeText } from '../../postgres/type/type.ts'
