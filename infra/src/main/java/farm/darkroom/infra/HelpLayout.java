package farm.darkroom.infra;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lays out help texts to the width of the terminal. Examples are left as they are, so that they can
 * be copied, and lines break at blanks only ({@link WordWrap}).
 */
final class HelpLayout {
  private static final int NARROWEST = 60;
  private static final int WIDEST = 200;

  private HelpLayout() {}

  /**
   * Sets up a command and all below it.
   *
   * @param environment where COLUMNS counts more than the terminal
   */
  static void lay(CommandLine command, Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    if (columns.matches("\\d{1,4}")) {
      int width = Integer.parseInt(columns);
      command.setUsageHelpWidth(Math.max(NARROWEST, Math.min(WIDEST, width)));
    } else {
      command.setUsageHelpAutoWidth(true);
    }
    command.setHelpFactory(WordWrap::new);
    sections(command);
  }

  private static void sections(CommandLine command) {
    Map<String, IHelpSectionRenderer> sections = command.getHelpSectionMap();
    sections.replaceAll((key, renderer) -> help -> WordWrap.shown(renderer.render(help)));
    sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, HelpLayout::description);
    sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, HelpLayout::examples);
    command.getSubcommands().values().forEach(HelpLayout::sections);
  }

  private static String description(Help help) {
    UsageMessageSpec usage = help.commandSpec().usageMessage();
    String[] paragraphs = usage.description().clone();
    for (int i = 0; i < paragraphs.length; i++) {
      paragraphs[i] = WordWrap.joined(paragraphs[i]);
    }
    StringBuilder text = new StringBuilder();
    Help.join(help.colorScheme().ansi(), usage.width(), true, paragraphs, text);
    return WordWrap.shown(text.toString());
  }

  private static String examples(Help help) {
    StringBuilder text = new StringBuilder();
    for (String line : help.commandSpec().usageMessage().footer()) {
      text.append(line).append(System.lineSeparator());
    }
    return text.toString();
  }
}
