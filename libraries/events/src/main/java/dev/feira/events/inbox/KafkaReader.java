package dev.feira.events.inbox;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.events.CloudEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads feeds from Kafka, one thread for each. The replicas share the partitions of a topic. Offsets are committed after the
 * transactions in the database: what comes again after a crash is skipped by its id.
 *
 * @see FeedMetrics
 */
final class KafkaReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KafkaReader.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** An event may take as long as its statements may, 10 s. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);

    private final KafkaConsumers consumers;
    private final KafkaEvents events;
    private final Inbox inbox;
    private final EventReceiver receiver;
    private final DatabaseMigration migration;
    private final InboxProperties settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final List<Reading> readings = new ArrayList<>();
    private CountDownLatch stopped = new CountDownLatch(0);

    KafkaReader(
            KafkaConsumers consumers,
            KafkaEvents events,
            Inbox inbox,
            EventReceiver receiver,
            DatabaseMigration migration,
            InboxProperties settings,
            Clock clock,
            MeterRegistry meters) {
        this.consumers = consumers;
        this.events = events;
        this.inbox = inbox;
        this.receiver = receiver;
        this.migration = migration;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public synchronized void start() {
        var running = new CountDownLatch(1);
        stopped = running;
        for (var feed : receiver.feeds().stream()
                .filter(feed -> settings.kafka().reads(feed))
                .toList()) {
            var reading = new Reading(feed, running);
            readings.add(reading);
            // a thread of the platform: Kafka's client waits in a selector, where a virtual one would keep its carrier
            reading.thread = Thread.ofPlatform().daemon().name("kafka-" + feed).start(reading);
        }
    }

    /** Lets the event that is being applied end; the others come again. */
    @Override
    public synchronized void stop() {
        stopped.countDown();
        readings.forEach(Reading::wakeUp);
        readings.forEach(Reading::join);
        readings.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private final class Reading implements Runnable {

        private final String feed;
        private final CountDownLatch stop;
        private final FeedMetrics metrics;
        private final ReadFailures failures;
        /** Offsets of records that are applied, to be committed. */
        private final Map<TopicPartition, OffsetAndMetadata> applied = new HashMap<>();

        private volatile @Nullable Thread thread;
        private volatile @Nullable Consumer<String, String> consumer;

        Reading(String feed, CountDownLatch stop) {
            this.feed = feed;
            this.stop = stop;
            this.metrics = new FeedMetrics(feed, clock, meters);
            this.failures = new ReadFailures(feed, clock);
        }

        @Override
        public void run() {
            while (!isStopped()) {
                try {
                    if (migration.isDone()) {
                        subscribe();
                    } else {
                        pauseFor(ReadFailures.FIRST_PAUSE);
                    }
                } catch (RuntimeException | Error e) { // an error must not end the thread
                    failed(e);
                }
            }
        }

        private void subscribe() {
            var subscribed = consumers.subscribe(feed);
            consumer = subscribed;
            try {
                while (!isStopped()) {
                    round(subscribed);
                }
            } finally {
                consumer = null;
                applied.clear();
                subscribed.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            }
        }

        /** Keeps the consumer and its partitions after a failure, unless Kafka's client cannot go on. */
        private void round(Consumer<String, String> consumer) {
            try {
                receiver.retryDue(feed);
                showParked(consumer);
                receive(consumer, consumer.poll(receiver.untilDue(feed, clock.instant())));
                failures.recovered();
            } catch (WakeupException e) {
                log.debug("The service stops", e);
            } catch (TimeoutException e) {
                failed(e);
            } catch (KafkaException e) {
                throw e; // the next attempt has a new consumer
            } catch (RuntimeException e) {
                failed(e);
            }
        }

        private void receive(Consumer<String, String> consumer, ConsumerRecords<String, String> records) {
            if (records.isEmpty()) {
                commit(consumer);
                checkBroker(consumer);
                return;
            }
            var next = new HashMap<TopicPartition, Long>();
            records.partitions()
                    .forEach(partition -> next.put(
                            partition, records.records(partition).getFirst().offset()));
            try {
                apply(records, next);
            } catch (RuntimeException e) {
                next.forEach(consumer::seek); // nothing is passed over
                throw e;
            } finally {
                commit(consumer);
            }
            metrics.remaining(
                    remaining(consumer),
                    Instant.ofEpochMilli(records.iterator().next().timestamp()));
        }

        private void apply(ConsumerRecords<String, String> records, Map<TopicPartition, Long> next) {
            for (var record : records) {
                if (isStopped()) {
                    return;
                }
                apply(record);
                var partition = new TopicPartition(record.topic(), record.partition());
                next.put(partition, record.offset() + 1);
                applied.put(partition, new OffsetAndMetadata(record.offset() + 1));
            }
        }

        private void apply(ConsumerRecord<String, String> record) {
            CloudEvent event;
            try {
                event = events.read(record);
            } catch (RuntimeException e) {
                receiver.park(feed, events.unreadable(record), e);
                return;
            }
            receiver.receive(feed, event);
        }

        /** Offsets that cannot be committed are tried again later, or their events come again and are skipped. */
        private void commit(Consumer<String, String> consumer) {
            applied.keySet().retainAll(consumer.assignment());
            if (applied.isEmpty()) {
                return;
            }
            try {
                try {
                    consumer.commitSync(applied, KafkaConsumers.RESPONSE_TIMEOUT);
                } catch (WakeupException _) { // the service stops: once more, for the replica that goes on
                    consumer.commitSync(applied, CLOSE_TIMEOUT);
                }
                applied.clear();
            } catch (KafkaException e) {
                log.debug("Cannot commit the offsets of the feed {}", feed, e);
            }
        }

        private int remaining(Consumer<String, String> consumer) {
            return Math.toIntExact(consumer.assignment().stream()
                    .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                    .sum());
        }

        /** A poll without records does not tell an empty topic from a broker that is away. */
        private void checkBroker(Consumer<String, String> consumer) {
            if (consumer.assignment().isEmpty()) {
                if (consumer.partitionsFor(KafkaConsumers.topic(feed), KafkaConsumers.RESPONSE_TIMEOUT)
                        .isEmpty()) {
                    throw new IllegalStateException("there is no topic " + KafkaConsumers.topic(feed));
                }
                metrics.standby();
            } else {
                consumer.endOffsets(consumer.assignment(), KafkaConsumers.RESPONSE_TIMEOUT);
                metrics.remaining(remaining(consumer), clock.instant());
            }
        }

        /** The replica with the first partition shows the number, so that a sum over replicas counts each event once. */
        private void showParked(Consumer<String, String> consumer) {
            var first = new TopicPartition(KafkaConsumers.topic(feed), 0);
            metrics.parked(consumer.assignment().contains(first) ? inbox.parked(feed) : 0);
        }

        private void failed(Throwable e) {
            if (!isStopped()) {
                metrics.failed();
                pauseFor(failures.failed(e));
            }
        }

        private boolean isStopped() {
            return stop.getCount() == 0;
        }

        private void pauseFor(Duration rest) {
            try {
                stop.await(rest.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                // the loop looks whether the service stops
            }
        }

        private void wakeUp() {
            var waiting = consumer;
            if (waiting != null) {
                waiting.wakeup();
            }
        }

        private void join() {
            var running = thread;
            try {
                if (running != null) {
                    running.join(STOP_TIMEOUT);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
