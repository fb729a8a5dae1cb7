/** The variables of the environment in which tools look for their database, all with the one at this port of this machine. */
export function environmentFor(
  port: number,
  { user, password, database }: { readonly user: string; readonly password: string; readonly database: string },
): Readonly<Record<string, string>> {
  const at = `127.0.0.1:${port}/${database}`
  const url = `postgres://${encodeURIComponent(user)}:${password}@${at}?sslmode=disable`
  const jdbc = `jdbc:postgresql://${at}`
  return {
    DATABASE_URL: url,
    // libpq, and the drivers that follow it
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
    // Spring Boot, Flyway, Liquibase
    SPRING_DATASOURCE_URL: jdbc,
    SPRING_DATASOURCE_USERNAME: user,
    SPRING_DATASOURCE_PASSWORD: password,
    FLYWAY_URL: jdbc,
    FLYWAY_USER: user,
    FLYWAY_PASSWORD: password,
    LIQUIBASE_COMMAND_URL: jdbc,
    LIQUIBASE_COMMAND_USERNAME: user,
    LIQUIBASE_COMMAND_PASSWORD: password,
    // Laravel
    DB_CONNECTION: 'pgsql',
    DB_HOST: '127.0.0.1',
    DB_PORT: String(port),
    DB_DATABASE: database,
    DB_USERNAME: user,
    DB_PASSWORD: password,
    // goose
    GOOSE_DRIVER: 'postgres',
    GOOSE_DBSTRING: url,
    // EF Core
    ConnectionStrings__DefaultConnection: `Host=127.0.0.1;Port=${port};Database=${database};Username=${user};Password=${password}`,
  }
}

/** Besides these, where the server has one session: tools that lock their table in a transaction of one connection and work in another would wait for ever. */
export const forOneSession: Readonly<Record<string, string>> = {
  // Flyway's other lock, which is for the session.
  FLYWAY_POSTGRESQL_TRANSACTIONAL_LOCK: 'false',
}
