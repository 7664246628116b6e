package dev.feira.catalog.persistence;

import dev.feira.catalog.domain.Sku;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.dialect.JdbcPostgresDialect;

/** Configures how Spring Data maps the domain's types. */
@Configuration(proxyBeanMethods = false)
class DataJdbcConfiguration {

    @Bean
    static JdbcCustomConversions jdbcCustomConversions() {
        return JdbcCustomConversions.of(JdbcPostgresDialect.INSTANCE, List.of(WriteSku.INSTANCE, ReadSku.INSTANCE));
    }

    @WritingConverter
    enum WriteSku implements Converter<Sku, String> {
        INSTANCE;

        @Override
        public String convert(Sku sku) {
            return sku.value();
        }
    }

    @ReadingConverter
    enum ReadSku implements Converter<String, Sku> {
        INSTANCE;

        @Override
        public Sku convert(String value) {
            return new Sku(value);
        }
    }
}
