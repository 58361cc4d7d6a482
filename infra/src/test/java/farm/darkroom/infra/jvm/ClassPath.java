package farm.darkroom.infra.jvm;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Jars and folders of classes.
 *
 * @param home where the jars go that are made of the folders: an archive of classes takes jars only
 */
record ClassPath(List<Path> entries, Path home) {

  ClassPath {
    entries = List.copyOf(entries);
  }

  /** Changes with every file in it, and with the JVM. */
  String fingerprint() throws IOException {
    StringBuilder all = new StringBuilder(System.getProperty("java.vm.version")).append('\n');
    for (Path entry : entries) {
      for (Path file : files(entry)) {
        BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
        all.append(file).append(' ').append(seen.size()).append(' ');
        all.append(seen.lastModifiedTime().toMillis()).append('\n');
      }
    }
    return all.toString();
  }

  /** As a JVM takes it. */
  String text() {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** The same classes in jars alone. */
  String packed() {
    return entries.stream().map(this::jar).collect(Collectors.joining(File.pathSeparator));
  }

  /** Writes the jars of the folders. */
  void pack() throws IOException {
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        write(entry, jar(entry));
      }
    }
  }

  private String jar(Path entry) {
    return Files.isDirectory(entry)
        ? home.resolve(entries.indexOf(entry) + ".jar").toString()
        : entry.toString();
  }

  private static void write(Path folder, String jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(Path.of(jar)))) {
      out.setLevel(0);
      for (Path file : files(folder)) {
        out.putNextEntry(
            new ZipEntry(folder.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private static List<Path> files(Path entry) throws IOException {
    try (Stream<Path> walk = Files.walk(entry)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
