package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SeatTest {
  private static final String TOPIC = "darkroom.q.normal";
  private final ScriptedConsumer broker = new ScriptedConsumer(TOPIC);
  private final Seat seat =
      new Seat(TOPIC, () -> broker, new KafkaFailures("localhost:9092", true));

  @Test
  void anAnswerThatLiesInTheClientIsNoEmptyOne() {
    ConsumerRecord<byte[], byte[]> unused = giveOne();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    broker.answerWithRecord();
    assertThat(seat.isAnswered()).as("nobody has looked into the client yet").isFalse();
    assertThat(seat.take(Duration.ZERO)).isPresent();
  }

  @Test
  void askedAndAnsweredWithNothing() {
    ConsumerRecord<byte[], byte[]> unused = giveOne();
    long before = System.nanoTime();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    answerNothing();
    assertThat(seat.isAnswered()).as("that may have been for the acknowledgement").isFalse();
    assertThat(seat.emptyAsOf() - before).as("not known yet").isNegative();
    answerNothing();
    assertThat(seat.isAnswered()).isTrue();
    assertThat(seat.emptyAsOf() - before).isNotNegative();
  }

  @Test
  void whatTheBrokerSaidBeforeAFetchBeganSaysNothingOfIt() {
    ConsumerRecord<byte[], byte[]> unused = giveOne();
    long before = System.nanoTime();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    answerNothing();
    answerNothing();
    long later = System.nanoTime();
    assertThat(seat.emptyAsOf() - before).isNotNegative();
    assertThat(seat.emptyAsOf() - later).as("the fetch under way is not answered").isNegative();
  }

  @Test
  void aClientThatFetchesIsNotPolledBeforeItHasAnAnswer() {
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    assertThat(seat.take(Duration.ofMillis(3))).isEmpty();
    assertThat(broker.polls()).isEqualTo(1);
    broker.answerWithRecord();
    assertThat(seat.take(Duration.ZERO)).isPresent();
    assertThat(broker.polls()).isEqualTo(2);
  }

  @Test
  void aRecordThatCameUnaskedBesideTheOneHeldIsLookedFor() {
    ConsumerRecord<byte[], byte[]> held = giveOne();
    broker.answerWithRecord();
    assertThat(seat.isStirred()).as("it holds the first").isFalse();
    assertThat(seat.settle(held, AcknowledgeType.ACCEPT)).isTrue();
    assertThat(seat.isStirred()).isTrue();
    assertThat(seat.take(Duration.ZERO)).isPresent();
  }

  @Test
  void aRecordThatComesUnaskedAfterwardsIsLookedFor() {
    assertThat(seat.settle(giveOne(), AcknowledgeType.ACCEPT)).isTrue();
    assertThat(seat.isStirred()).as("quiet").isFalse();
    broker.answerWithRecord();
    assertThat(seat.isStirred()).isTrue();
  }

  @Test
  void aSeatThatLeftIsClosedAtOnce() {
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    Runnable leaving = seat.leave();
    assertThat(seat.isOpen()).isFalse();
    assertThat(seat.isFetching()).isFalse();
    leaving.run();
  }

  private void answerNothing() {
    broker.answerNothing();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
  }

  private ConsumerRecord<byte[], byte[]> giveOne() {
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    broker.answerWithRecord();
    return seat.take(Duration.ZERO).orElseThrow();
  }
}
