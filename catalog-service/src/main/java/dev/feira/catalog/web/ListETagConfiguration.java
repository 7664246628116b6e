package dev.feira.catalog.web;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Adds ETags to lists, computed from their content, so that an unchanged list returns 304. They are weak, because Tomcat does
 * not compress a response with a strong one: the gateway compresses lists.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1">RFC 9110, section 8.8.1: weak versus strong</a>
 */
@Configuration(proxyBeanMethods = false)
class ListETagConfiguration {

    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> listETags() {
        var filter = new ShallowEtagHeaderFilter();
        filter.setWriteWeakETag(true);
        var registration = new FilterRegistrationBean<>(filter);
        registration.addUrlPatterns("/products", "/categories");
        return registration;
    }
}
