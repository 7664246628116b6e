package dev.feira.order.saga;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.ReplicaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;

/** An order-service that halts at the point named on its standard input, as after {@code kill -9}. */
final class KillableOrderService {

    /** The exit code after SIGKILL. */
    static final int KILLED = 137;

    private static volatile @Nullable String crashPoint;

    private KillableOrderService() {}

    /** Not a {@code @Configuration}: other tests would scan it. */
    static class CrashConfiguration {
        @Bean
        StepListener crash() {
            return (point, claim) -> {
                if ((claim.step() + " " + point).equals(crashPoint)) {
                    Runtime.getRuntime().halt(KILLED);
                }
            };
        }
    }

    static void main(String[] settings) throws IOException {
        var application = new SpringApplication(Replica.service(), CrashConfiguration.class);
        var port = application.run(settings).getEnvironment().getRequiredProperty("local.server.port");
        System.out.println(ReplicaProcess.PORT + port);
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = input.readLine(); line != null; line = input.readLine()) {
                crashPoint = line;
                System.out.println(ReplicaProcess.CONFIRMED + line);
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
