package dev.feira.notification;

import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** Starts the service on a random port with PostgreSQL and tokens; all such tests share one context. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresConfiguration.class, TestMailConfiguration.class})
@ContextConfiguration(initializers = TestIdentity.class)
public @interface NotificationTest {}
