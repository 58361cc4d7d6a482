package farm.darkroom.worker.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import farm.darkroom.worker.hub.DecimalSize;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.ModelInventory;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom model list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "List the models, LoRA files and embeddings that a worker here would find.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom model list", "  darkroom model list --models /srv/models --json"})
public final class ModelListCommand implements Callable<Integer> {
  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private ModelFolderOption models;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<InstalledModel> found = new ModelInventory(models.folders(System.getenv())).models();
    PrintWriter out = spec.commandLine().getOut();
    int widest = found.stream().mapToInt(model -> model.name().length()).max().orElse(0);
    found.forEach(model -> out.println(json ? json(model) : text(model, widest)));
    out.flush();
    if (found.isEmpty()) {
      spec.commandLine().getErr().println("no models");
    }
    return 0;
  }

  private static String text(InstalledModel model, int widest) {
    return String.format(
        Locale.ROOT,
        "%-" + Math.max(1, widest) + "s  %-10s  %7s  %s",
        model.name(),
        model.kind().label(),
        DecimalSize.text(model.bytes()),
        model.path());
  }

  private static String json(InstalledModel model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", model.name())
        .put("kind", model.kind().label())
        .put("single_file", model.singleFile())
        .put("bytes", model.bytes())
        .put("path", model.path().toString())
        .toString();
  }
}
