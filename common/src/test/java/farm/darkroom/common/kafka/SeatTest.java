package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SeatTest {
  private static final String TOPIC = "darkroom.q.normal";
  private static final Duration WAIT = Duration.ofMillis(20);
  private final ScriptedConsumer broker = new ScriptedConsumer(TOPIC);
  private final Seat seat =
      new Seat(TOPIC, () -> broker, new KafkaFailures("localhost:9092", true));

  @Test
  void emptyOnceTheBrokerHasAnsweredAndNothingCame() {
    assertThat(seat.take(WAIT)).isEmpty();
    broker.countAnswer();
    assertThat(seat.take(WAIT)).isEmpty();
    assertThat(seat.isEmpty()).as("the first answer to a new consumer").isFalse();
    broker.countAnswer();
    assertThat(seat.take(WAIT)).isEmpty();
    assertThat(seat.isEmpty()).isTrue();
  }

  @Test
  void anAnswerWhoseRecordIsNotThereYetIsNoEmptyOne() {
    giveOne();
    broker.countAcknowledgement();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    broker.countAnswer();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    assertThat(seat.isEmpty()).isFalse();
    broker.bring();
    assertThat(seat.take(WAIT)).isPresent();
  }

  @Test
  void theAnswerToAnAcknowledgementIsNoneToTheNextFetchHoweverLateItIsCounted() {
    giveOne();
    assertThat(seat.take(WAIT)).isEmpty();
    broker.countAcknowledgement();
    assertThat(seat.take(WAIT)).isEmpty();
    assertThat(seat.isEmpty()).isFalse();
    broker.countAnswer();
    assertThat(seat.take(WAIT)).isEmpty();
    assertThat(seat.isEmpty()).isTrue();
  }

  @Test
  void anEmptySeatIsPolledAgainWhenTheBrokerHasAnswered() {
    assertThat(seat.take(WAIT)).isEmpty();
    broker.countAnswer();
    broker.countAnswer();
    assertThat(seat.take(WAIT)).isEmpty();
    assertThat(seat.isEmpty()).isTrue();
    broker.countAnswer();
    broker.bring();
    assertThat(seat.take(Duration.ZERO)).isPresent();
    assertThat(seat.isEmpty()).isFalse();
  }

  private void giveOne() {
    broker.countAnswer();
    broker.bring();
    ConsumerRecord<byte[], byte[]> record = seat.take(WAIT).orElseThrow();
    assertThat(seat.settle(record, AcknowledgeType.ACCEPT)).isTrue();
  }
}
