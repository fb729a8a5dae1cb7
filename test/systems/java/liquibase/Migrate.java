import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import liquibase.Contexts;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.DirectoryResourceAccessor;

/** Runs changelogs: a line of input is a folder with changelog.xml and a URL of JDBC; the answer is a line after `=> `, `done` or what failed. */
public class Migrate {
    public static void main(String[] args) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = input.readLine()) != null;) {
            String[] given = line.split("\t");
            try (Connection connection = DriverManager.getConnection(given[1])) {
                Database database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                new Liquibase("changelog.xml", new DirectoryResourceAccessor(Path.of(given[0])), database).update(new Contexts());
                System.out.println("\n=> done");
            } catch (Throwable error) {
                System.out.println("\n=> " + error.toString().replaceAll("\\R", " "));
            }
        }
    }
}
