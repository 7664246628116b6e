package dev.feira.events.inbox;

import dev.feira.defaults.database.DatabaseMigration;
import dev.feira.events.inbox.FeedClient.Batch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads feeds over HTTP, one thread for each. One replica at a time has the lease of a feed; another takes over when it ends or dies.
 *
 * @see FeedMetrics
 */
final class FeedReader implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(FeedReader.class);
    /** Between two looks of a replica whether the lease is free. */
    private static final Duration STANDBY = Duration.ofSeconds(2);

    private final FeedClient client;
    private final Inbox inbox;
    private final EventReceiver receiver;
    private final DatabaseMigration migration;
    private final InboxProperties settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final List<Reading> readings = new ArrayList<>();
    private CountDownLatch stopped = new CountDownLatch(0);

    FeedReader(
            FeedClient client,
            Inbox inbox,
            EventReceiver receiver,
            DatabaseMigration migration,
            InboxProperties settings,
            Clock clock,
            MeterRegistry meters) {
        this.client = client;
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
                .filter(feed -> !settings.kafka().reads(feed))
                .toList()) {
            var reading = new Reading(feed, running);
            readings.add(reading);
            reading.thread = Thread.ofVirtual().name("feed-" + feed).start(reading);
        }
    }

    /** The position is in the database: an interrupted request loses nothing. */
    @Override
    public synchronized void stop() {
        stopped.countDown();
        for (var reading : readings) {
            if (reading.thread != null) {
                reading.thread.interrupt();
            }
        }
        for (var reading : readings) {
            reading.join();
        }
        readings.clear();
    }

    @Override
    public synchronized boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private final class Reading implements Runnable {

        private final String feed;
        private final CountDownLatch stop;
        private volatile @Nullable Thread thread;
        private final FeedMetrics metrics;
        private final ReadFailures failures;

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
                    var rest = round();
                    failures.recovered();
                    pauseFor(rest);
                } catch (RuntimeException | Error e) { // an error must not end the thread
                    failed(e);
                }
            }
            release();
        }

        private void failed(Throwable e) {
            if (isStopped()) {
                return;
            }
            metrics.failed();
            pauseFor(failures.failed(e));
        }

        /** @return the rest before the next round */
        private Duration round() {
            if (!migration.isDone()) {
                return ReadFailures.FIRST_PAUSE;
            }
            var leased = inbox.lease(feed, settings.lease());
            if (leased.isEmpty()) {
                metrics.standby();
                return STANDBY;
            }
            receiver.retryDue(feed);
            metrics.parked(inbox.parked(feed));
            var position = leased.get();
            var batch = client.read(feed, position, receiver.untilDue(feed, clock.instant()));
            receive(position, batch);
            return batch.events().isEmpty() || batch.remaining() > 0 ? Duration.ZERO : settings.readInterval();
        }

        private void receive(String position, Batch batch) {
            if (batch.events().isEmpty()) {
                metrics.remaining(0);
            } else {
                metrics.remaining(batch.remaining(), batch.events().getFirst().time());
            }
            receiver.receive(feed, position, batch.events());
        }

        private void release() {
            Thread.interrupted(); // the pool would close the connection of an interrupted thread
            try {
                inbox.release(feed);
            } catch (RuntimeException e) {
                log.debug("The lease of the feed {} ends by itself", feed, e);
            }
        }

        private boolean isStopped() {
            return stop.getCount() == 0;
        }

        private void pauseFor(Duration rest) {
            try {
                if (rest.isPositive()) {
                    stop.await(rest.toNanos(), TimeUnit.NANOSECONDS);
                }
            } catch (InterruptedException _) {
                // the loop looks whether the service stops
            }
        }

        private void join() {
            var running = thread;
            try {
                if (running != null) {
                    running.join(Duration.ofSeconds(2));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
