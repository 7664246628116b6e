package dev.feira.catalog;

import dev.feira.test.PostgresConfiguration;
import dev.feira.test.TestIdentity;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** The whole service on a port of its own, with real PostgreSQL and real tokens; one context for all such tests. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import({PostgresConfiguration.class, TestCatalogConfiguration.class})
@ContextConfiguration(initializers = TestIdentity.class)
public @interface CatalogTest {}
