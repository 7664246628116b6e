package dev.feira.catalog.web;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Lists have entity tags too, of their content: an unchanged list is asked for again at the price of its headers. */
@Configuration(proxyBeanMethods = false)
class ListETagConfiguration {

    @Bean
    FilterRegistrationBean<ShallowEtagHeaderFilter> listETags() {
        var registration = new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
        registration.addUrlPatterns("/products", "/categories");
        return registration;
    }
}
