package farm.darkroom.submitter.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Json;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SweepTest {

  private static Sweep sweep(String json) {
    return Sweep.of((ObjectNode) Json.parse(json.replace('\'', '"')));
  }

  @Property(tries = 200)
  void countIsTheProductAndAllJobsDiffer(
      @ForAll @Size(max = 4) List<@IntRange(min = 1, max = 5) Integer> lengths) {
    ObjectNode written = Json.object().put("prompt", "x");
    ObjectNode matrix = written.putObject("matrix");
    for (int i = 0; i < lengths.size(); i++) {
      ArrayNode values = matrix.putArray("field_" + i);
      for (int value = 0; value < lengths.get(i); value++) {
        values.add(value);
      }
    }
    Sweep sweep = Sweep.of(written);
    int product = lengths.stream().reduce(1, (a, b) -> a * b);
    assertThat(sweep.count()).isEqualTo(product);
    assertThat(sweep.jobs()).hasSize(product).doesNotHaveDuplicates();
  }

  @Test
  void aJobIsASweepOfOne() {
    assertThat(sweep("{'prompt': 'a {literal} brace'}").jobs())
        .containsExactly((ObjectNode) Json.parse("{\"prompt\": \"a {literal} brace\"}"));
  }

  @Test
  void lastDimensionRunsFastest() {
    assertThat(sweep("{'matrix': {'seed': [1, 2], 'eta': [0, 1]}}").jobs())
        .extracting(job -> job.get("seed") + "/" + job.get("eta"))
        .containsExactly("1/0", "1/1", "2/0", "2/1");
  }

  @Test
  void dotsReachNestedFields() {
    Sweep sweep =
        sweep(
            "{'refiner': {'model': 'r'}, 'matrix': {'refiner.strength': [0.1, 0.2],"
                + "'labels.split': ['train']}}");
    assertThat(sweep.jobs().map(Object::toString))
        .containsExactly(
            "{\"refiner\":{\"model\":\"r\",\"strength\":0.1},\"labels\":{\"split\":\"train\"}}",
            "{\"refiner\":{\"model\":\"r\",\"strength\":0.2},\"labels\":{\"split\":\"train\"}}");
  }

  @Test
  void wordsFillPromptsAndBecomeLabels() {
    Sweep sweep =
        sweep(
            "{'prompt': 'a {colour} {solid}', 'words': {'colour': ['red', 'blue'],"
                + " 'solid': ['cube']}}");
    assertThat(sweep.jobs())
        .extracting(job -> job.get("prompt").asText(), job -> job.get("labels").toString())
        .containsExactly(
            tuple("a red cube", "{\"colour\":\"red\",\"solid\":\"cube\"}"),
            tuple("a blue cube", "{\"colour\":\"blue\",\"solid\":\"cube\"}"));
  }

  @Test
  void wordsReachPromptsOfTheMatrix() {
    Sweep sweep =
        sweep("{'matrix': {'prompt': ['a {c} cube', 'a {c} cone']}, 'words': {'c': ['red']}}");
    assertThat(sweep.jobs())
        .extracting(job -> job.get("prompt").asText())
        .containsExactly("a red cube", "a red cone");
  }

  @Test
  void malformedSweepsAreRefused() {
    assertThatThrownBy(() -> sweep("{'matrix': {'seed': 3, 'eta': []}, 'words': 5}"))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$.matrix.seed: found 3, allowed: a list")
        .hasMessageContaining("$.matrix.eta: found a list of 0")
        .hasMessageContaining("$.words: found no object");
    assertThatThrownBy(() -> sweep("{'prompt': 'a {color} x', 'words': {'colour': ['red']}}"))
        .hasMessageContaining("$.words.colour: no prompt has the word {colour}");
  }

  @Test
  void wordOfThePromptInTheMatrixIsRefused() {
    assertThatThrownBy(() -> sweep("{'prompt': 'a {colour} x', 'matrix': {'colour': ['red']}}"))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$.matrix.colour: found a word of the prompts, allowed: fields;");
  }

  @Test
  void absurdlyLargeSweepsAreRefused() {
    ObjectNode written = Json.object();
    ObjectNode matrix = written.putObject("matrix");
    for (int field = 0; field < 30; field++) {
      ArrayNode values = matrix.putArray("f" + field);
      for (int value = 0; value < 100; value++) {
        values.add(value);
      }
    }
    assertThatThrownBy(() -> Sweep.of(written)).hasMessageContaining("more than 1000000 jobs");
  }
}
