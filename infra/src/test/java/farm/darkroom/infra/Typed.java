package farm.darkroom.infra;

import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a command said that somebody typed, and how it ended. */
public record Typed(int code, String out, String err) {

  public List<String> lines() {
    return out.lines().toList();
  }

  /** Runs a command in this JVM. */
  public static Typed run(String... typed) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine darkroom =
        Darkroom.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = darkroom.execute(typed);
    return new Typed(code, out.toString(), err.toString());
  }

  /** Runs a command on the farm of that file. */
  public static Typed on(Path farm, String... typed) {
    List<String> arguments = new ArrayList<>(List.of(typed));
    arguments.addAll(List.of("--farm", farm.toString()));
    return run(arguments.toArray(String[]::new));
  }

  /** Writes the file that leads to a farm. */
  public static Path farmFile(Path file, Farm farm) throws IOException {
    S3Settings store = farm.s3();
    S3Credentials pair = store.credentials().orElseThrow();
    return Files.writeString(
        file,
        """
        DARKROOM_KAFKA=%s
        DARKROOM_QUEUE=%s
        DARKROOM_S3_ENDPOINT=%s
        DARKROOM_S3_BUCKET=%s
        DARKROOM_S3_ACCESS_KEY=%s
        DARKROOM_S3_SECRET_KEY=%s
        """
            .formatted(
                farm.kafka().bootstrap(),
                farm.queue(),
                store.endpoint().orElseThrow(),
                store.bucket(),
                pair.accessKey(),
                pair.secretKey()));
  }
}
