package dev.feira.events.inbox;

import com.sun.net.httpserver.HttpServer;
import dev.feira.events.CloudEvent;
import dev.feira.events.TestService;
import dev.feira.test.PostgresConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** How events get from a producer to its consumers. It can be away for a while. */
interface Transport extends AutoCloseable {

    enum Kind {
        FEED,
        KAFKA;

        Transport open(Path folder) throws Exception {
            return switch (this) {
                case FEED -> new Feed();
                case KAFKA -> new Kafka(folder);
            };
        }
    }

    /** Returns the producer's database. */
    JdbcConnectionDetails database();

    void connect(TestService producer) throws Exception;

    /** Returns the settings of a consumer. */
    List<String> settings();

    void stop() throws Exception;

    void start() throws Exception;

    /** Makes stopped consumers begin with the first event again. */
    void rewind(JdbcConnectionDetails consumers) throws Exception;

    @Override
    void close() throws Exception;

    /** The feed, behind a proxy that can be away. */
    final class Feed implements Transport {

        private final JdbcConnectionDetails database = PostgresConfiguration.freshDatabase();
        private final HttpServer proxy;
        private volatile boolean isAway;

        Feed() throws IOException {
            proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        }

        @Override
        public JdbcConnectionDetails database() {
            return database;
        }

        @Override
        public void connect(TestService producer) {
            proxy.createContext("/", exchange -> {
                var response = producer.feed("?" + exchange.getRequestURI().getRawQuery());
                var body = response.body().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", CloudEvent.BATCH);
                exchange.sendResponseHeaders(
                        isAway ? 503 : response.statusCode(), body.length == 0 || isAway ? -1 : body.length);
                try (var out = exchange.getResponseBody()) {
                    if (!isAway) {
                        out.write(body);
                    }
                }
            });
            proxy.start();
        }

        @Override
        public List<String> settings() {
            return List.of("feira.inbox.feeds.things=http://localhost:"
                    + proxy.getAddress().getPort());
        }

        @Override
        public void stop() {
            isAway = true;
        }

        @Override
        public void start() {
            isAway = false;
        }

        @Override
        public void rewind(JdbcConnectionDetails consumers) {
            TestDatabase.execute(consumers, "update feed_positions set position = ''");
        }

        @Override
        public void close() {
            proxy.stop(0);
        }
    }

    /** Debezium and a broker that can be away. */
    final class Kafka implements Transport {

        static final int PARTITIONS = 6;

        private final LogicalPostgres.Database database = LogicalPostgres.freshDatabase();
        private final Broker broker;
        private final OutboxConnector connector;

        Kafka(Path folder) throws Exception {
            broker = new Broker(folder);
            broker.createTopics(Map.of("feira.things", PARTITIONS, "__debezium-heartbeat.things", 1));
            connector = new OutboxConnector(database, "things", broker.address(), folder);
        }

        Broker broker() {
            return broker;
        }

        OutboxConnector connector() {
            return connector;
        }

        @Override
        public LogicalPostgres.Database database() {
            return database;
        }

        @Override
        public void connect(TestService producer) throws Exception {
            OutboxConnector.publish(database);
            connector.start();
        }

        /** The URL of the feed leads nowhere: events come from Kafka only. */
        @Override
        public List<String> settings() {
            return List.of(
                    "feira.inbox.feeds.things=http://localhost:1",
                    "feira.inbox.kafka.bootstrap-servers=" + broker.address());
        }

        @Override
        public void stop() {
            broker.stop();
        }

        @Override
        public void start() {
            broker.start();
        }

        @Override
        public void rewind(JdbcConnectionDetails consumers) {
            try (var admin = broker.admin()) {
                admin.deleteConsumerGroups(List.of("events-test.things")).all().get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws Exception {
            connector.close();
            broker.close();
        }
    }
}
