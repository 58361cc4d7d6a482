/** A farm behind TLS and passwords, and what it must keep to itself. */
package farm.darkroom.infra.security;
