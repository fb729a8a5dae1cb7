import type { AdviceInCode } from '../../code/advice.ts'
import { quotedText } from '../../code/spelling/java.ts'

/** Advice for a migration of Flyway in Java: calls that send SQL through JDBC. */
export const flywayAdvice: AdviceInCode = {
  language: 'java',
  sql: text =>
    `try (Statement statement = context.getConnection().createStatement()) {\n    statement.execute(${quotedText(text)});\n}`,
}
