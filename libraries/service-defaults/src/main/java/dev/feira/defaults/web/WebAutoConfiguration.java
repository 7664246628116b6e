package dev.feira.defaults.web;

import dev.feira.defaults.FeiraProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.DispatcherServlet;

/** Limits the size of request bodies, and reads ETags that a proxy changed. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@EnableConfigurationProperties(FeiraProperties.class)
class WebAutoConfiguration {

    @Bean
    FilterRegistrationBean<RequestSizeLimit> requestSizeLimit(FeiraProperties properties) {
        var filter = new FilterRegistrationBean<>(new RequestSizeLimit(properties.requestSize()));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1); // before any filter that reads a body
        return filter;
    }

    @Bean
    FilterRegistrationBean<CompressedETags> compressedETags() {
        var filter = new FilterRegistrationBean<>(new CompressedETags());
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 2); // before any filter that compares ETags
        return filter;
    }
}
