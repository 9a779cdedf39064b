import { configSchema } from '../src/config/schema.ts';
import { screenedVisits } from '../test/support/screened-visits.ts';
const config = configSchema.parse({});
for (const [ambientC, noise, seed] of [[18,false,1],[22,false,1],[28,false,1],[22,true,1],[22,true,2]] as const) {
  const visitors = Array.from({length:12},(_, i)=>({distanceM:0.42+0.03*i, mask: i%2?'worn' as const:'not-worn' as const}));
  const {visits}=await screenedVisits(config,{ambientC,visitors},seed,{noise});
  const e=visits.map(v=>(v.reading?.temperatureC??NaN)-v.trueC-v.driftC);
  console.log(ambientC,noise,seed,(e.reduce((a,b)=>a+b,0)/e.length).toFixed(3),e.map(x=>x.toFixed(2)).join(' '));
}
