import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.flywaydb.core.Flyway;

/** Runs migrations in SQL and Java: a line of input is a folder and a URL of JDBC; the answer is a line after `=> `, `done` or what failed. */
public class Migrate {
    public static void main(String[] args) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = input.readLine()) != null;) {
            String[] given = line.split("\t");
            try {
                migrate(Path.of(given[0]), given[1]);
                System.out.println("\n=> done");
            } catch (Throwable error) {
                System.out.println("\n=> " + error.toString().replaceAll("\\R", " "));
            }
        }
    }

    private static void migrate(Path folder, String url) throws Exception {
        Path classes = folder.resolve("target/classes");
        Files.createDirectories(classes);
        List<String> command = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        Path sources = folder.resolve("src/main/java");
        if (Files.exists(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> command.add(file.toString()));
            }
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            if (ToolProvider.getSystemJavaCompiler().run(null, errors, errors, command.toArray(String[]::new)) != 0) throw new IllegalStateException(errors.toString());
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, Migrate.class.getClassLoader())) {
            Flyway.configure(loader)
                .dataSource(url, null, null)
                .locations("classpath:db/migration", "filesystem:" + folder.resolve("sql"))
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load()
                .migrate();
        }
    }
}
