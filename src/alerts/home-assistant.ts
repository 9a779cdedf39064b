import type { StorageProfile } from '../domain/storage-profile.ts';
import { ENTITY_WORDS } from './home-assistant-words.ts';
import type { Sender } from './payload-parts.ts';
import { commandTopics, topicsOf } from './topics.ts';

/** What Home Assistant is told of a gate. */
export type DiscoveryOptions = Sender &
  Readonly<{
    language: 'en' | 'ko';
    softwareVersion: string;
    /** Without them there is no button and no switch. */
    commands: boolean;
    /** The highest profile that may be in force: what it never tells has no entity. */
    profile: StorageProfile;
  }>;

type Component = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/** One device with its entities, as Home Assistant's device-based MQTT discovery takes it. */
export type Discovery = Readonly<{
  device: Readonly<Record<string, string | readonly string[]>>;
  origin: Readonly<Record<string, string>>;
  availability: readonly Readonly<{ topic: string }>[];
  qos: 0 | 1;
  components: Readonly<Record<string, Component>>;
}>;

/** How long the switch of a home screen silences the buzzer, minutes. */
const MUTE_MINUTES = 60;
/** Home Assistant shows nothing older than this, s. */
const COUNTS_GONE_AFTER_S = 900;
const HEALTH_GONE_AFTER_S = 300;
const BY = 'Home Assistant';

/** Topic of the discovery message. */
export function discoveryTopic(prefix: string, { site, gate }: Sender): string {
  return `${prefix}/device/${objectId(site, gate)}/config`;
}

/** Topic at which Home Assistant says that it has started. */
export function birthTopic(prefix: string): string {
  return `${prefix}/status`;
}

/** The discovery message of a gate. */
export function discovery(options: DiscoveryOptions): Discovery {
  const { site, gate, language, softwareVersion } = options;
  const components = {
    ...visitEntities(options),
    ...stateEntities(options),
    ...healthEntities(options),
    ...(options.commands ? commandEntities(options) : {}),
  };
  const id = objectId(site, gate);
  return {
    device: {
      identifiers: [id],
      name: `fevergate ${site} ${gate}`,
      manufacturer: 'fevergate',
      model: ENTITY_WORDS[language].model,
      sw_version: softwareVersion,
    },
    origin: { name: 'fevergate', sw_version: softwareVersion },
    availability: [{ topic: topicsOf(site, gate).availability }],
    qos: 1,
    components: Object.fromEntries(
      Object.entries(components).map(([name, component]) => [
        name,
        {
          ...component,
          unique_id: `${id}_${name}`,
          default_entity_id: `${component['platform']}.${id}_${name}`,
        },
      ]),
    ),
  };
}

function visitEntities({ site, gate, language, profile }: DiscoveryOptions): Record<string, Component> {
  const words = ENTITY_WORDS[language];
  const { alert, counts } = topicsOf(site, gate);
  const ofDay = { platform: 'sensor', state_topic: counts, expire_after: COUNTS_GONE_AFTER_S };
  const counted = (name: string, field: string): Component => ({
    ...ofDay,
    name,
    value_template: `{{ value_json.${field} }}`,
    state_class: 'total_increasing',
  });
  return {
    elevated_visit: {
      platform: 'event',
      name: words.elevatedVisit,
      state_topic: alert,
      event_types: ['elevated'],
      value_template: "{{ {'event_type': value_json.class, 'visit': value_json.visit} | tojson }}",
      icon: 'mdi:thermometer-alert',
    },
    ...(profile >= 2 && {
      last_temperature: {
        platform: 'sensor',
        name: words.lastTemperature,
        state_topic: alert,
        value_template: '{{ value_json.face_surface_temperature_c }}',
        device_class: 'temperature',
        unit_of_measurement: '°C',
        suggested_display_precision: 1,
      },
    }),
    ...(profile >= 1 && {
      visits_today: counted(words.visitsToday, 'visits'),
      elevated_today: counted(words.elevatedToday, 'elevated'),
      recheck_today: counted(words.recheckToday, 'recheck'),
      without_mask_today: counted(words.withoutMaskToday, 'mask_not_worn'),
      mask_rate: {
        ...ofDay,
        name: words.maskRate,
        value_template: '{{ value_json.mask_worn_percent }}',
        unit_of_measurement: '%',
        state_class: 'measurement',
        icon: 'mdi:face-mask',
      },
    }),
  };
}

function stateEntities({ site, gate, language }: DiscoveryOptions): Record<string, Component> {
  const words = ENTITY_WORDS[language];
  const { state } = topicsOf(site, gate);
  const problem = (name: string, isProblem: string): Component => ({
    platform: 'binary_sensor',
    name,
    state_topic: state,
    value_template: `{{ 'ON' if ${isProblem} else 'OFF' }}`,
    device_class: 'problem',
    entity_category: 'diagnostic',
  });
  return {
    state: {
      platform: 'sensor',
      name: words.state,
      state_topic: state,
      value_template: '{{ value_json.state }}',
      device_class: 'enum',
      options: ['warming_up', 'in_service', 'out_of_service'],
    },
    open_alerts: {
      platform: 'sensor',
      name: words.openAlerts,
      state_topic: state,
      value_template: '{{ value_json.alerts_open }}',
      state_class: 'measurement',
    },
    problem: problem(words.outOfService, "value_json.state == 'out_of_service'"),
    records_problem: problem(words.recordsProblem, "value_json.records != 'ok'"),
  };
}

function healthEntities({ site, gate, language }: DiscoveryOptions): Record<string, Component> {
  const words = ENTITY_WORDS[language];
  const { health } = topicsOf(site, gate);
  const figure = (name: string, field: string, more: Component): Component => ({
    platform: 'sensor',
    name,
    state_topic: health,
    value_template: `{{ value_json.${field} }}`,
    entity_category: 'diagnostic',
    expire_after: HEALTH_GONE_AFTER_S,
    ...more,
  });
  const celsius = { device_class: 'temperature', unit_of_measurement: '°C', state_class: 'measurement' };
  const rare = { enabled_by_default: false };
  return {
    sensor_temperature: figure(words.sensorTemperature, 'sensor_temperature_c', celsius),
    room_temperature: figure(words.roomTemperature, 'room_temperature_c', celsius),
    cpu_temperature: figure(words.cpuTemperature, 'cpu_temperature_c', { ...celsius, ...rare }),
    disk_free: figure(words.diskFree, 'disk_free_bytes', {
      device_class: 'data_size',
      unit_of_measurement: 'B',
      state_class: 'measurement',
      ...rare,
    }),
    uptime: figure(words.uptime, 'uptime_s', {
      device_class: 'duration',
      unit_of_measurement: 's',
      state_class: 'measurement',
      ...rare,
    }),
    alerts_waiting: figure(words.alertsWaiting, 'alerts_waiting', { state_class: 'measurement', ...rare }),
    storage_profile: figure(words.storageProfile, 'storage_profile', {}),
  };
}

function commandEntities({ site, gate, language }: DiscoveryOptions): Record<string, Component> {
  const words = ENTITY_WORDS[language];
  const asking = (request: object): string => JSON.stringify({ ...request, by: BY });
  return {
    acknowledge: {
      platform: 'button',
      name: words.acknowledge,
      command_topic: commandTopics(site, gate, 'acknowledge').request,
      payload_press: asking({}),
      icon: 'mdi:check',
    },
    mute: {
      platform: 'switch',
      name: words.mute,
      command_topic: commandTopics(site, gate, 'mute').request,
      payload_on: asking({ minutes: MUTE_MINUTES }),
      payload_off: asking({ minutes: 0 }),
      state_topic: topicsOf(site, gate).state,
      value_template: "{{ 'ON' if value_json.buzzer_muted else 'OFF' }}",
      state_on: 'ON',
      state_off: 'OFF',
      entity_category: 'config',
      icon: 'mdi:volume-off',
    },
  };
}

/** Names hold a-z, 0-9 and -, so an underscore between them keeps two gates apart. */
function objectId(site: string, gate: string): string {
  return `fevergate_${site}_${gate}`;
}
