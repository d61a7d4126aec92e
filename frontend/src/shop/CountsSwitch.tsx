import { Switch, Text } from '@mantine/core';

interface CountsSwitchProps {
  title: string;
  counts: boolean;
  onChange: () => void;
}

/** Leaves out what the viewer did with a product, to see the list without it. */
export function CountsSwitch({ title, counts, onChange }: CountsSwitchProps) {
  return (
    <Switch
      checked={counts}
      onChange={onChange}
      aria-label={`Let ${title} count`}
      label={<Text span size="sm" c="dimmed" visibleFrom="sm">{counts ? 'counts' : 'left out'}</Text>}
      labelPosition="left"
      size="md"
    />
  );
}
