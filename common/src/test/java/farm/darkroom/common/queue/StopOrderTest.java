package farm.darkroom.common.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.StopOrder.Scope;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;

class StopOrderTest {

  @Property
  void aKeyLeadsBackToItsOrder(@ForAll Scope scope, @ForAll @NotBlank String name) {
    StopOrder order = new StopOrder(scope, name);
    assertThat(StopOrder.ofKey(order.key())).contains(order);
  }

  @Test
  void otherKeysAreNoOrders() {
    assertThat(StopOrder.ofKey("")).isEmpty();
    assertThat(StopOrder.ofKey("batch/ ")).isEmpty();
    assertThat(StopOrder.ofKey("lane/high")).isEmpty();
  }

  @Test
  void anOrderNeedsAName() {
    assertThatThrownBy(() -> new StopOrder(Scope.JOB, " ")).isInstanceOf(FarmException.class);
  }
}
