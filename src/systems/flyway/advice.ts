import type { AdviceInCode } from '../../code/advice.ts'
import { quotedText } from '../../code/spelling/java.ts'

/** What a migration of Flyway in Java sends through JDBC. */
export const flywayAdvice: AdviceInCode = {
  language: 'java',
  sql: text =>
    `try (Statement statement = context.getConnection().createStatement()) {\n    statement.execute(${quotedText(text)});\n}`,
}
