import { Switch } from '@mantine/core';

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
      onLabel="counts"
      offLabel="left out"
      size="md"
    />
  );
}
