package farm.darkroom.sdxl.schedulers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One key of a sampler's configuration: its name, its default and what it may hold. A value is read
 * from parsed JSON: String, Number, Boolean, List or null.
 */
sealed interface Option {
  String name();

  /** Null where the sampler can do without. */
  Object fallback();

  /** What an explicit null of a snapshot stands for. */
  default Object ofNull() {
    return fallback();
  }

  /** What may stand here, for people. */
  String allowed();

  /** The value in the type that the accessors of SchedulerConfig return, or null if not allowed. */
  Object read(Object found);

  record Flag(String name, Boolean fallback) implements Option {
    /** As in diffusers, where None is as good as False. */
    @Override
    public Object ofNull() {
      return false;
    }

    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public Object read(Object found) {
      return found instanceof Boolean ? found : null;
    }
  }

  record Whole(String name, Integer fallback, int least, int most) implements Option {
    @Override
    public String allowed() {
      return most == Integer.MAX_VALUE
          ? "a whole number from " + least
          : "a whole number from " + least + " to " + most;
    }

    @Override
    public Object read(Object found) {
      if (!(found instanceof Number number) || number.doubleValue() != number.intValue()) {
        return null;
      }
      int value = number.intValue();
      return value >= least && value <= most ? value : null;
    }
  }

  record Real(String name, Double fallback, double least, double most) implements Option {
    @Override
    public String allowed() {
      if (Double.isInfinite(least) && Double.isInfinite(most)) {
        return "a number";
      }
      return Double.isInfinite(most)
          ? "a number from " + least
          : "a number from " + least + " to " + most;
    }

    @Override
    public Object read(Object found) {
      Double value = ConfigNumbers.real(found);
      return value != null && value >= least && value <= most ? value : null;
    }
  }

  /**
   * One of some words.
   *
   * @param synonyms words of other samplers that a snapshot made for those may hold here, and what
   *     they stand for
   */
  record Word(String name, String fallback, List<String> words, Map<String, String> synonyms)
      implements Option {
    /** These words of other samplers stand for {@code word}. */
    Word or(String word, String... others) {
      Map<String, String> known = new LinkedHashMap<>(synonyms);
      for (String other : others) {
        known.put(other, word);
      }
      return new Word(name, fallback, words, known);
    }

    @Override
    public String allowed() {
      return String.join(", ", words);
    }

    @Override
    public Object read(Object found) {
      Object word = synonyms.getOrDefault(found, found instanceof String s ? s : "");
      return words.contains(word) ? word : null;
    }
  }

  /** Whether a value that is not read is passed over, as diffusers does, rather than refused. */
  default boolean ignores(Object found) {
    return false;
  }

  /**
   * A key of diffusers that has no use here.
   *
   * @param reason why
   * @param ignored what other samplers' configs may hold here; it has no effect
   */
  record Unused(String name, String reason, List<String> ignored) implements Option {
    @Override
    public boolean ignores(Object found) {
      return ignored.contains(found);
    }

    @Override
    public Object fallback() {
      return null;
    }

    @Override
    public String allowed() {
      return "null (" + reason + ")";
    }

    @Override
    public Object read(Object found) {
      return null;
    }
  }

  record Reals(String name) implements Option {
    @Override
    public Object fallback() {
      return null;
    }

    @Override
    public String allowed() {
      return "a list of numbers";
    }

    @Override
    public Object read(Object found) {
      return ConfigNumbers.reals(found);
    }
  }
}
